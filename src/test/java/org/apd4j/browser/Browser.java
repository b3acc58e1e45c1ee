package org.apd4j.browser;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.remote.RemoteWebDriver;

/** A headless Chromium with its driver. Both must be installed; nothing is downloaded. */
final class Browser implements AutoCloseable {

    /** The environment variables with the programs, if they are not on the PATH under their usual names. */
    private static final String CHROMIUM = "APD_CHROMIUM";
    private static final String DRIVER = "APD_CHROMEDRIVER";
    /** The environment variable that makes a missing browser a failure, if it is {@code required}. */
    private static final String BROWSER = "APD_BROWSER";

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriverService service;
    private final RemoteWebDriver driver;

    /** @throws IllegalStateException if no browser is installed */
    Browser() {
        service = new ChromeDriverService.Builder().usingDriverExecutable(driverProgram().orElseThrow(Browser::missing)).usingAnyFreePort().build();
        var options = new ChromeOptions();
        options.setBinary(chromium().orElseThrow(Browser::missing));
        options.addArguments("--headless=new", "--window-size=1400,1000", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage");
        if ("root".equals(System.getProperty("user.name"))) {
            options.addArguments("--no-sandbox");
        }
        try {
            service.start();
        } catch (IOException e) {
            throw new UncheckedIOException("the browser's driver does not start", e);
        }
        driver = new RemoteWebDriver(service.getUrl(), options, false);
    }

    /** Returns why no browser can be used, in a sentence; empty if one can. */
    static Optional<String> absence() {
        if (chromium().isPresent() && driverProgram().isPresent()) {
            return Optional.empty();
        }
        return Optional.of("there is no " + (chromium().isPresent() ? "driver for Chromium" : "Chromium") + " on the PATH, and "
                + (chromium().isPresent() ? DRIVER : CHROMIUM) + " names none; install both with: sudo apt install chromium chromium-driver");
    }

    /** Returns whether a missing browser is a failure. */
    static boolean isRequired() {
        return "required".equals(System.getenv(BROWSER));
    }

    private static IllegalStateException missing() {
        return new IllegalStateException(absence().orElseThrow());
    }

    private static Optional<File> chromium() {
        return program(CHROMIUM, "chromium", "chromium-browser", "google-chrome");
    }

    private static Optional<File> driverProgram() {
        return program(DRIVER, "chromedriver");
    }

    private static Optional<File> program(String variable, String... names) {
        String named = System.getenv(variable);
        if (named != null && !named.isBlank()) {
            return Optional.of(new File(named)).filter(File::canExecute);
        }
        List<String> folders = Pattern.compile(Pattern.quote(File.pathSeparator)).splitAsStream(System.getenv().getOrDefault("PATH", "")).toList();
        return Stream.of(names).flatMap(name -> folders.stream()
                .flatMap(folder -> Stream.of(new File(folder, name), new File(folder, name + ".exe"))))
                .filter(file -> file.isFile() && file.canExecute()).findFirst();
    }

    RemoteWebDriver driver() {
        return driver;
    }

    /** Sets the size of the page, which may be narrower than the browser's windows can be. */
    void resize(int width, int height) {
        command("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Runs a script in every page opened from now on, before the page's own scripts. */
    void beginPagesWith(String script) {
        command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** Asks pages for their dark or light colours, as a system's settings do. */
    void preferDark(boolean dark) {
        command("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Lets pages run scripts, or not. */
    void runScripts(boolean allowed) {
        command("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
    }

    /** Sends a command of Chromium's own protocol. */
    private void command(String name, Map<String, ?> parameters) {
        URI address = URI.create(service.getUrl() + "/session/" + driver.getSessionId() + "/goog/cdp/execute");
        try {
            String body = new ObjectMapper().writeValueAsString(Map.of("cmd", name, "params", parameters));
            var request = HttpRequest.newBuilder(address).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
            HttpResponse<String> response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(name + " is not taken: " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Saves a screenshot in the build folder. */
    void screenshot(String name) {
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            driver.quit();
        } finally {
            service.stop();
        }
    }
}
