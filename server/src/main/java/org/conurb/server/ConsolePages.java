package org.conurb.server;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Every screen of the console is the same page; the browser's address says which one it shows. */
@Controller
class ConsolePages {
    @GetMapping({"/", "/system", "/video", "/talk", "/field", "/imports", "/signin"})
    String page() {
        return "forward:/index.html";
    }
}
