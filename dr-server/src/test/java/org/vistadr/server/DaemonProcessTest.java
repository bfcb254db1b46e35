package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The daemon as a process: what a person sees, and how it ends.
final class DaemonProcessTest {

  private static final String CONFIG =
      """
      primary: {provider: generic, endpoint: "http://127.0.0.1:9", bucket: vista, accessKey: a, secretKeyFile: %1$s/none}
      secondaries:
        - {name: copy, provider: generic, endpoint: "http://127.0.0.1:9", bucket: copy, accessKey: a, secretKeyEnv: COPY_SECRET}
      store: {path: %1$s/catalog}
      server:
        applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
        adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
      """;

  @TempDir Path directory;

  @Test
  void aWrongKeyEndsTheStartWithTwoLinesAndExitTwo() throws Exception {
    Process daemon = start("server", CONFIG.replace("bucket: vista", "buckets: vista"));
    assertThat(daemon.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output())
        .isEqualToNormalizingNewlines(
            """
            error: primary.buckets: there is no such key
            hint:  did you mean bucket?
            """);
    assertThat(daemon.exitValue()).isEqualTo(2);
  }

  @Test
  void checkTellsSiteBySiteWhatWorksAndExitsWithFive() throws Exception {
    Process check = start("check", CONFIG);
    assertThat(check.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(output())
        .contains("primary: generic at http://127.0.0.1:9, bucket vista", "failed   connect")
        .contains("check endpoint, port and useSsl of primary")
        .doesNotContain("the-copy-secret")
        .doesNotContain("\tat ");
    assertThat(check.exitValue()).isEqualTo(5);
  }

  @Test
  void aSecondDaemonOnTheSameStoreIsRefusedAndATermEndsTheFirst() throws Exception {
    Process daemon = start("server", CONFIG);
    await().atMost(Duration.ofSeconds(60)).until(() -> output().contains("started version="));
    String first = output();
    assertThat(Files.getPosixFilePermissions(directory.resolve("catalog/token"))).hasSize(2);
    assertThat(first).contains("local admin token file=").doesNotContain("the-primary-secret");

    Process second = start("server", CONFIG);
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output()).contains("error: ", "hint:  ").doesNotContain("\tat ");
    assertThat(second.exitValue()).isEqualTo(1);

    long asked = System.nanoTime();
    daemon.destroy();
    assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(30));
    assertThat(daemon.exitValue()).isEqualTo(143);
  }

  private Process start(String command, String config) throws IOException {
    Path file = directory.resolve("config.yml");
    Files.writeString(file, config.formatted(directory));
    List<String> line = new ArrayList<>();
    line.add(ProcessHandle.current().info().command().orElse("java"));
    line.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.addAll(List.of("org.vistadr.server.VistadrDaemon", command, file.toString()));
    ProcessBuilder process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log().toFile());
    process.environment().put("S3_SECRET_KEY", "the-primary-secret");
    process.environment().put("COPY_SECRET", "the-copy-secret");
    Process started = process.start();
    // Whatever the test does, nothing stays behind.
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    return started;
  }

  private Path log() {
    return directory.resolve("output");
  }

  private String output() throws IOException {
    return Files.readString(log());
  }
}
