package org.vistadr.cli.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.api.DirectStart;
import org.vistadr.cli.Vistadr;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Terminal;

final class DirectModeTest {

  private static final List<String> WORDS =
      List.of("--direct", "--config", "c.yml", "restore", "a b/", "--at", "2h ago");

  @TempDir Path directory;

  @Test
  void aMissingConfigurationIsToldWithEveryPlaceThatWasLookedAt() {
    Answer answer = run("--direct", "status");
    assertThat(answer.exit()).isEqualTo(2);
    assertThat(answer.err())
        .contains(Path.of("config.yml").toAbsolutePath() + " nor /etc/vistadr/config.yml")
        .contains("try:   vistadr --direct --config ");
    Answer named = run("--direct", "--config", directory + "/no.yml", "ls");
    assertThat(named.exit()).isEqualTo(2);
    assertThat(named.err()).contains("there is no file " + directory + "/no.yml; --config");
  }

  @Test
  void whatIsNamedIsNotReplacedBySomethingElse() throws IOException {
    Path config = Files.writeString(directory.resolve("c.yml"), "primary: {}\n");
    Map<String, String> environment = Map.of("VISTADR_CONFIG", config.toString());
    assertThat(ConfigPlace.find(Optional.empty(), environment)).isEqualTo(config);
    assertThatThrownBy(() -> ConfigPlace.find(Optional.of(directory.resolve("no")), environment))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("/no; --config");
    assertThatThrownBy(() ->
            ConfigPlace.find(Optional.empty(), Map.of("VISTADR_CONFIG", directory + "/none.yml")))
        .hasMessageContaining("none.yml; VISTADR_CONFIG");
  }

  @Test
  void optionsThatContradictEachOtherAreRefusedBeforeAnythingIsOpened() {
    Answer lonely = run("--config", "c.yml", "status");
    assertThat(lonely.exit()).isEqualTo(2);
    assertThat(lonely.err()).contains("--config is for --direct alone");
    Answer health = run("--direct", "health");
    assertThat(health.exit()).isEqualTo(2);
    assertThat(health.err()).contains("try:   vistadr --direct status");
    Answer both = run("--direct", "--server", "http://127.0.0.1:1", "status");
    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err()).contains("--direct and --server contradict each other");
  }

  @Test
  void whoHasTheCatalogDecidesWhatToType() {
    CommandFailure daemon = refused(new DirectStart.Holder(12, true, Optional.of(USUAL)));
    assertThat(daemon.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(daemon.tryNext()).containsExactly("vistadr restore 'a b/' --at '2h ago'");
    assertThat(refused(new DirectStart.Holder(12, true, Optional.of("http://h:1"))).tryNext())
        .containsExactly("vistadr --server http://h:1 restore 'a b/' --at '2h ago'");
    CommandFailure starting = refused(new DirectStart.Holder(12, true, Optional.empty()));
    assertThat(starting.hint()).contains("starting");
    CommandFailure colleague = refused(new DirectStart.Holder(12, false, Optional.empty()));
    assertThat(colleague.tryNext()).isEmpty();
    assertThat(colleague.hint()).isEqualTo("wait");
  }

  @Test
  void remarksNameCommandsThatCanBeTypedAsTheyStand() {
    DirectMode plain = new DirectMode(Optional.empty(), Optional.empty(), Map.of(), List.of());
    assertThat(plain.asTyped("Apply it with: vistadr restore apply p-1"))
        .isEqualTo("Apply it with: vistadr --direct restore apply p-1");
    DirectMode named =
        new DirectMode(Optional.of(Path.of("my c.yml")), Optional.empty(), Map.of(), List.of());
    assertThat(named.asTyped("vistadr ls")).isEqualTo("vistadr --direct --config 'my c.yml' ls");
    assertThat(named.asTyped("vistadr daemon config.yml")).isEqualTo("vistadr daemon config.yml");
    assertThat(named.asTyped("vistadr --direct ls")).isEqualTo("vistadr --direct ls");
  }

  private static final String USUAL = "http://127.0.0.1:8420";

  private static CommandFailure refused(DirectStart.Holder holder) {
    return DirectRefusals.failure(
        new DirectStart.Refusal("catalog-in-use", "in use", "wait", Optional.of(holder)),
        Path.of("c.yml"),
        WORDS,
        Map.of());
  }

  private record Answer(int exit, String err) {}

  private static Answer run(String... words) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(new ByteArrayInputStream(new byte[0]), stream, stream, Map.of());
    int exit = new Vistadr(terminal, Clock.systemUTC(), ZoneOffset.UTC, Map.of()).run(words);
    return new Answer(exit, err.toString(StandardCharsets.UTF_8));
  }
}
