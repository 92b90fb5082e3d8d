package org.conurb.server;

import ch.qos.logback.classic.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. {@code ./conurb} starts it with the commands of {@link UpCommand} and {@link AdminCommand}. */
@Command(
        name = "conurb",
        subcommands = {UpCommand.class, UpCommand.Demo.class, UpCommand.Train.class, AdminCommand.class},
        description = "The open city platform")
public final class Conurb {
    private Conurb() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("admin")) {
            // A command answers in its own words; the site that it speaks to keeps the log.
            ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        }
        CommandLine line = new CommandLine(new Conurb())
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        System.exit(line.execute(arguments));
    }

    /** What went wrong and how to mend it, without a trace for what people can mend. */
    static int report(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartFailure known) {
                System.err.println("conurb: " + known.getMessage());
                System.err.println("  " + known.remedy());
                return 1;
            }
            if (cause instanceof org.conurb.kernel.ConurbException known) {
                System.err.println("conurb: " + known.detail());
                System.err.println("  " + known.remedy());
                return 1;
            }
        }
        failure.printStackTrace();
        return 1;
    }
}
