package org.vistadr.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoScriptIT {

  @Test
  void everyStepHoldsAndNothingIsLeftBehind(@TempDir Path temporary) throws Exception {
    CommandProcess demo =
        CommandProcess.start(
            Map.of(
                "JDK_JAVA_OPTIONS",
                "-Djava.io.tmpdir=" + temporary,
                "TMPDIR",
                temporary.toString()),
            List.of("demo", "--script"));
    int status = demo.await(240);
    assertThat(status).as(demo.text()).isZero();
    assertThat(demo.lines().stream().filter(line -> line.startsWith("PASS"))).hasSize(9);
    assertThat(demo.text()).doesNotContain("FAIL").contains("Every step held");
    assertThat(demo.text()).containsPattern("SHA-256 [0-9a-f]{12}… as before");
    assertThat(temporary).isEmptyDirectory();
  }
}
