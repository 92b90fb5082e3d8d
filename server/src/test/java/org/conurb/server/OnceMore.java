package org.conurb.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * For tests in a browser alone, which on a busy machine may lose a key: one that fails is tried once more, and says so.
 * What fails twice has found something.
 */
final class OnceMore implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        once(invocation, call, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        once(invocation, call, context);
    }

    private static void once(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        try {
            invocation.proceed();
        } catch (TestAbortedException skipped) {
            throw skipped;
        } catch (Throwable first) {
            System.out.printf("flaky: %s is tried once more after: %s%n", context.getUniqueId(), first);
            Method test = call.getExecutable();
            test.setAccessible(true);
            try {
                test.invoke(call.getTarget().orElseThrow(), call.getArguments().toArray());
            } catch (InvocationTargetException again) {
                again.getCause().addSuppressed(first);
                throw again.getCause();
            }
        }
    }
}
