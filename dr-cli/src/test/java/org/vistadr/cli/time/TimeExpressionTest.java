package org.vistadr.cli.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeExpressionTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.7Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private static ParsedTime parse(String text) {
    return expression(PARIS, true).parse(text);
  }

  private static TimeExpression expression(ZoneId zone, boolean zoneMayBeLeftOut) {
    return new TimeExpression(Clock.fixed(NOW, ZoneId.of("UTC")), zone, zoneMayBeLeftOut);
  }

  @ParameterizedTest
  @CsvSource({
    "now,                                2026-11-22T12:00:00Z",
    "NOW,                                2026-11-22T12:00:00Z",
    "2026-11-22T03:00:05Z,               2026-11-22T03:00:05Z",
    "2026-11-22t03:00:05z,               2026-11-22T03:00:05Z",
    "2026-11-22T03:00:05.250Z,           2026-11-22T03:00:05.250Z",
    "2026-11-22T03:00+01:00,             2026-11-22T02:00:00Z",
    "2026-11-22T03:00:05-05:30,          2026-11-22T08:30:05Z",
    "2026-11-22 03:00,                   2026-11-22T02:00:00Z",
    "2026-11-22 3:00,                    2026-11-22T02:00:00Z",
    "2026-11-22 03:00:05,                2026-11-22T02:00:05Z",
    "2026-07-22 03:00,                   2026-07-22T01:00:00Z",
    "2026-11-22 03:00 +01:00,            2026-11-22T02:00:00Z",
    "2026-11-22 03:00:05 Europe/Paris,   2026-11-22T02:00:05Z",
    "2026-11-22 03:00 Asia/Kolkata,      2026-11-21T21:30:00Z",
    "2026-11-22 03:00 UTC,               2026-11-22T03:00:00Z",
    "2h ago,                             2026-11-22T10:00:00Z",
    "2 hours ago,                        2026-11-22T10:00:00Z",
    "1h 30m ago,                         2026-11-22T10:30:00Z",
    "1 minute ago,                       2026-11-22T11:59:00Z",
    "3 days ago,                         2026-11-19T12:00:00Z",
    "1w ago,                             2026-11-15T12:00:00Z",
    "-90m,                               2026-11-22T10:30:00Z",
    "-1d12h,                             2026-11-21T00:00:00Z",
    "yesterday 18:00,                    2026-11-21T17:00:00Z",
    "Yesterday 18:00:30,                 2026-11-21T17:00:30Z",
    "yesterday 18:00 UTC,                2026-11-21T18:00:00Z",
    "today 03:00,                        2026-11-22T02:00:00Z",
    "'  2026-11-22   03:00  ',           2026-11-22T02:00:00Z",
    "2026-03-29 01:59:59,                2026-03-29T00:59:59Z",
    "2026-03-29 03:00,                   2026-03-29T01:00:00Z",
    "2026-10-25 01:59:59,                2026-10-24T23:59:59Z",
    "2026-10-25 03:00,                   2026-10-25T02:00:00Z",
  })
  void whatMeansOneMomentIsTaken(String text, Instant moment) {
    assertThat(parse(text)).isEqualTo(new ParsedTime.At(moment));
  }

  @Test
  void latestIsLeftToTheDaemon() {
    assertThat(parse("latest")).isEqualTo(new ParsedTime.Latest());
  }

  @ParameterizedTest
  @CsvSource({
    // a day is no moment
    "2026-11-20,                time-ambiguous,  2026-11-20T00:00+01:00, 2026-11-21T00:00+01:00",
    "yesterday,                 time-ambiguous,  2026-11-21T00:00+01:00, 2026-11-22T00:00+01:00",
    "today,                     time-ambiguous,  2026-11-22T00:00+01:00, now",
    "03:00,                     time-ambiguous,  2026-11-22T03:00+01:00, 2026-11-21T03:00+01:00",
    // abbreviations are nobody's for sure
    "2026-07-01 03:00 CEST,     time-ambiguous,  2026-07-01T03:00+02:00, 2026-07-01T03:00+02:00",
    "2026-07-01 03:00 EST,      time-ambiguous,  2026-07-01T03:00-05:00, 2026-07-01T03:00+02:00",
    "2026-07-01 03:00 IST,      time-ambiguous,  2026-07-01T03:00+05:30, 2026-07-01T03:00+01:00",
    "2026-07-01 03:00 XYZ,      time-ambiguous,  2026-07-01T03:00+02:00, 2026-07-01T03:00Z",
    // clocks
    "2026-10-25 02:30,          time-ambiguous,  2026-10-25T02:30+02:00, 2026-10-25T02:30+01:00",
    "2026-10-25 02:30:01 Europe/Berlin, time-ambiguous, 2026-10-25T02:30:01+02:00, 2026-10-25T02:30:01+01:00",
    "2026-03-29 02:30,          time-skipped,    2026-03-29T01:30+01:00, 2026-03-29T03:30+02:00",
    "2026-11-01 01:30 America/New_York, time-ambiguous, 2026-11-01T01:30-04:00, 2026-11-01T01:30-05:00",
    // the future
    "2026-11-22T12:00:01Z,      time-in-future,  now, 2026-11-21T13:00:01+01:00",
    "2027-01-01 03:00,          time-in-future,  now, 2026-11-22T03:00+01:00",
  })
  void whatCouldMeanTwoIsRefusedWithTwoCorrections(
      String text, String code, String first, String second) {
    ParsedTime.Refused refused = (ParsedTime.Refused) parse(text);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.corrections())
        .extracting(ParsedTime.Correction::expression)
        .containsExactly(first, second);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-10-25 02:30",
        "2026-03-29 02:30",
        "2026-11-20",
        "2026-07-01 03:00 CEST",
        "2027-01-01 03:00",
        "03:00"
      })
  void everyCorrectionIsTakenAsItIs(String text) {
    ParsedTime.Refused refused = (ParsedTime.Refused) parse(text);
    assertThat(refused.corrections())
        .allSatisfy(correction ->
            assertThat(expression(PARIS, false).parse(correction.expression()))
                .isInstanceOf(ParsedTime.At.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "soon", "2026-02-30 03:00", "2026-11-22 25:00", "22/11/2026 03:00", "5 moons ago",
        "2026-11-22 03:00 Europe/Pari", "-90", "ago", "3pm", "1700000000",
            "2026-11-22 03:00 +19:00",
        "99999999999999999999h ago"
      })
  void whatIsNoMomentIsNotGuessed(String text) {
    assertThat(parse(text))
        .isInstanceOfSatisfying(
            ParsedTime.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo("time-unreadable"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-22 03:00", "yesterday 18:00", "2026-11-22T03:00:00"})
  void aTimeWithoutAZoneIsRefusedWhereNobodySeesHowItWasUnderstood(String text) {
    ParsedTime.Refused refused = (ParsedTime.Refused) expression(PARIS, false).parse(text);
    assertThat(refused.code()).isEqualTo("time-needs-zone");
    assertThat(refused.corrections()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-11-22T03:00Z", "-90m", "2h ago", "now", "2026-11-22 03:00 Europe/Paris"})
  void aTimeThatNeedsNoZoneIsTakenWhereNobodyLooks(String text) {
    assertThat(expression(PARIS, false).parse(text)).isInstanceOf(ParsedTime.At.class);
  }

  @Test
  void aZoneInTheWrongCaseIsCorrected() {
    ParsedTime.Refused refused = (ParsedTime.Refused) parse("2026-11-22 03:00 europe/paris");
    assertThat(refused.corrections())
        .extracting(ParsedTime.Correction::expression)
        .isEqualTo(List.of("2026-11-22 03:00 Europe/Paris"));
  }

  @Test
  void aCheckpointIsANameOnly() {
    assertThat(parse("checkpoint:pre-release")).isEqualTo(new ParsedTime.Checkpoint("pre-release"));
    for (String text : java.util.List.of("checkpoint:", "checkpoint:a b", "checkpoint:A")) {
      assertThat(parse(text))
          .asInstanceOf(
              org.assertj.core.api.InstanceOfAssertFactories.type(ParsedTime.Refused.class))
          .satisfies(refused -> assertThat(refused.code()).isEqualTo("checkpoint-unreadable"));
    }
  }
}
