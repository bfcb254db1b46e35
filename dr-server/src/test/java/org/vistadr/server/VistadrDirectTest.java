package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.api.DirectStart;
import org.vistadr.api.WireJson;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.CatalogHolder;

/// The engine of `--direct` as the process that it is.
final class VistadrDirectTest {

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  @Test
  void itServesTheBearerOfItsTokenAndEndsWithItsInput() throws Exception {
    Catalog.open(catalog(), Clock.systemUTC()).close();
    Process process = start("");
    DirectStart said = answer(process);
    assertThat(said.refusal()).isEmpty();
    assertThat(said.catalog()).isEqualTo(catalog().toString());
    assertThat(get(said, TOKEN).statusCode()).isEqualTo(200);
    assertThat(get(said, TOKEN).body())
        .contains("no daemon is running")
        .contains("the primary cannot be used");
    assertThat(get(said, TOKEN + "0").statusCode()).isEqualTo(401);

    DirectStart second = answer(start(""));
    assertThat(second.refusal().orElseThrow().code()).isEqualTo("catalog-in-use");
    assertThat(second.refusal().orElseThrow().holder().orElseThrow())
        .isEqualTo(new DirectStart.Holder(process.pid(), false, java.util.Optional.empty()));

    process.getOutputStream().close();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    Catalog.open(catalog(), Clock.systemUTC(), CatalogHolder.Use.COMMAND).close();
    assertThat(Files.readString(catalog().resolve("direct.log")))
        .contains("direct version=")
        .doesNotContain(TOKEN);
    assertThat(process.info().commandLine().orElse("")).doesNotContain(TOKEN);
  }

  @Test
  void aCommandBeginsNoNewCatalog() throws Exception {
    Process process = start("");
    DirectStart.Refusal refusal = answer(process).refusal().orElseThrow();
    assertThat(refusal.code()).isEqualTo("catalog-missing");
    assertThat(refusal.message()).isEqualTo("there is no catalog in " + catalog());
    assertThat(refusal.hint()).contains("store.path", "vistadr adopt --from");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(catalog()).doesNotExist();
  }

  @Test
  void aWrongConfigurationIsToldAsTheDaemonTellsIt() throws Exception {
    DirectStart.Refusal refusal = answer(start("secondarys: []\n")).refusal().orElseThrow();
    assertThat(refusal.code()).isEqualTo("config-invalid");
    assertThat(refusal.message()).contains("secondarys");
    assertThat(refusal.hint()).contains("did you mean secondaries?");
  }

  private Path catalog() {
    return directory.resolve("catalog");
  }

  private Process start(String more) throws IOException {
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        primary: {provider: generic, endpoint: "http://127.0.0.1:9", bucket: vista, accessKey: a}
        secondaries:
          - {name: copy, provider: generic, endpoint: "http://127.0.0.1:9", bucket: copy, accessKey: a, secretKeyEnv: COPY_SECRET}
        store: {path: %s}
        %s\
        """
            .formatted(catalog(), more));
    List<String> line = new ArrayList<>();
    line.add(ProcessHandle.current().info().command().orElse("java"));
    line.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.addAll(List.of("org.vistadr.server.VistadrDirect", config.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("S3_SECRET_KEY", "the-primary-secret");
    builder.environment().put("COPY_SECRET", "the-copy-secret");
    Process process = builder.start();
    // Whatever the test does, nothing stays behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(TOKEN + "\n");
    input.flush();
    return process;
  }

  private static DirectStart answer(Process process) throws IOException {
    return WireJson.mapper()
        .readValue(process.inputReader(StandardCharsets.UTF_8).readLine(), DirectStart.class);
  }

  private static HttpResponse<String> get(DirectStart said, String token) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:%d/api/v1/status".formatted(said.port())))
              .header("Authorization", "Bearer " + token)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
