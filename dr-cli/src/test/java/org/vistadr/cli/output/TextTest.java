package org.vistadr.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextTest {

  private static final Instant NOW = Instant.parse("2026-11-22T02:47:00Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "10188, 9.9 KiB",
    "10239, 10 KiB",
    "1048575, 1.0 MiB",
    "2516582, 2.4 MiB",
    "32505856, 31 MiB",
    "2040109466, 1.9 GiB",
    "9223372036854775807, 8.0 EiB"
  })
  void sizesAreShort(long bytes, String text) {
    assertThat(Amounts.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "59, 59s",
    "60, 1m",
    "184, 3m04s",
    "900, 15m",
    "4200, 1h10m",
    "86400, 24h",
    "172800, 2d",
    "273600, 3d4h"
  })
  void durationsAreShort(long seconds, String text) {
    assertThat(Amounts.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "999, 999", "2204, 2 204", "1204331, 1 204 331", "-1000, -1 000"})
  void countsAreGrouped(long count, String text) {
    assertThat(Amounts.count(count)).isEqualTo(text);
  }

  @Test
  void hundredPerCentMeansThatNothingIsLeft() {
    assertThat(Amounts.percent(999_999, 1_000_000)).isEqualTo(99);
    assertThat(Amounts.percent(1_000_000, 1_000_000)).isEqualTo(100);
    assertThat(Amounts.percent(0, 0)).isEqualTo(100);
  }

  @Test
  void aMomentIsToldInTheReadersZoneInUtcAndFromNow() {
    assertThat(Moments.echo(Instant.parse("2026-11-22T02:00:00Z"), PARIS, NOW))
        .isEqualTo("2026-11-22 03:00:00 Europe/Paris = 02:00:00 UTC (47 minutes ago)");
    assertThat(Moments.echo(Instant.parse("2026-11-20T23:30:00Z"), PARIS, NOW))
        .isEqualTo("2026-11-21 00:30:00 Europe/Paris = 2026-11-20 23:30:00 UTC (27 hours ago)");
    assertThat(Moments.echo(NOW, ZoneId.of("UTC"), NOW)).isEqualTo("2026-11-22 02:47:00 UTC (now)");
  }

  @Test
  void aKeyCannotMoveTheCursor() {
    assertThat(Keys.printable("a\u001b[2Jb\nc\u202ed")).isEqualTo("a\\u001b[2Jb\\u000ac\\u202ed");
    assertThat(Keys.printable("projects/ünï çode+%.jpg")).isEqualTo("projects/ünï çode+%.jpg");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"a/b.jpg, a/b.jpg", "a b, 'a b'", "it's, 'it'\\''s'", "``, ''", "$x, '$x'"})
  void anArgumentIsQuotedForTheShell(String argument, String quoted) {
    assertThat(Keys.quoted(argument)).isEqualTo(quoted);
  }

  @Test
  void aTableIsAlignedAndItsLastColumnIsWhole() {
    Table table =
        new Table("WHAT", "OBJECTS>", "KEY").row("bring back", "1", "a/b").row("x", "20", "c\td");
    assertThat(table.lines())
        .containsExactly(
            "WHAT        OBJECTS  KEY",
            "bring back        1  a/b",
            "x                20  c\\u0009d");
    assertThat(table.plainLines()).containsExactly("bring back\t1\ta/b", "x\t20\tc\\u0009d");
  }

  @Test
  void anErrorSaysWhatToDoNext() {
    CommandFailure failure =
        CommandFailure.of(ExitCode.USAGE, "time-ambiguous", "it happens twice")
            .hint("say which one you mean")
            .tryNext(List.of("vistadr ls --at A", "vistadr ls --at B"))
            .runbook("recover-object");
    assertThat(ErrorText.lines(failure))
        .containsExactly(
            "error: it happens twice",
            "hint:  say which one you mean",
            "try:   vistadr ls --at A",
            "       vistadr ls --at B",
            "runbook: vistadr runbook recover-object");
    assertThat(Terminal.jsonText(ErrorText.json(failure)))
        .isEqualTo(
            "{\"type\":\"error\",\"code\":\"time-ambiguous\",\"exit\":2,"
                + "\"message\":\"it happens twice\",\"hint\":\"say which one you mean\","
                + "\"try\":[\"vistadr ls --at A\",\"vistadr ls --at B\"],"
                + "\"runbook\":\"recover-object\"}");
  }

  @Test
  void exitCodesAreAContract() {
    assertThat(ExitCode.values())
        .extracting(ExitCode::number)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130);
  }
}
