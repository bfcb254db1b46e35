package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.api.AmbiguousKey;
import org.vistadr.api.DiffPage;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.LinkView;
import org.vistadr.api.MomentView;
import org.vistadr.api.ObjectListing;

/// The commands that look at a moment: what they print, ask for and refuse.
final class ViewCommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Instant ONE = Instant.parse("2026-11-22T01:00:00Z");
  private static final MomentView VERSIONED = moment("versioned", Optional.empty());

  ViewCommandsTest() {
    super(NOW, ZoneOffset.UTC);
  }

  @Test
  void otherOutcomesOfAmbiguousKeysHaveLinesOfTheirOwn() {
    daemon.on(
        "GET /objects",
        listing(
            List.of(item("a"), item("b")),
            List.of(
                new AmbiguousKey(
                    "a", "same-second", "it changed twice", List.of(content(10), content(2048))),
                new AmbiguousKey(
                    "c", "appeared-late", "it came late", List.of(nothing(), content(7)))),
            Optional.empty()));
    assertThat(run("ls", "--at", "2026-11-22T01:00Z")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            WHEN (UTC)                 SIZE  KEY
            2026-11-22 01:00:00        10 B  a
            or 2026-11-22 01:00:00  2.0 KiB  a (it changed twice)
            2026-11-22 01:00:00        10 B  b
            nothing                       -  c
            or 2026-11-22 01:00:00      7 B  c (it came late)
            """);
    assertThat(err()).contains("2 keys may have held something else").contains("--strict");
    assertThat(daemon.asked.getFirst()).doesNotContain("strict").doesNotContain("nearest");
  }

  @Test
  void pagesArePrintedAsTheyComeAndEmptyOnesPassedOver() {
    daemon
        .on("GET /objects", listing(List.of(), List.of(), Optional.of("c1")))
        .on("GET /objects", listing(List.of(item("a")), List.of(), Optional.of("c2")))
        .on("GET /objects", listing(List.of(), List.of(), Optional.of("c3")))
        .on("GET /objects", listing(List.of(item("b")), List.of(), Optional.empty()));
    assertThat(run("ls", "-r", "--plain")).isZero();
    assertThat(out().lines().map(line -> line.split("\t")[2])).containsExactly("a", "b");
    assertThat(daemon.asked).hasSize(4);
  }

  @Test
  void jsonIsOneDocumentAndStrictAndNearestAreAskedFor() {
    daemon.on(
        "GET /find",
        listing(
            List.of(item("a")),
            List.of(new AmbiguousKey("a", "same-second", "twice", List.of(content(1), nothing()))),
            Optional.empty()));
    assertThat(
            run(
                "find",
                "*.jpg",
                "--deleted-since",
                "2026-11-22T01:00Z",
                "--strict",
                "--nearest",
                "--json"))
        .isZero();
    assertThat(daemon.asked.getFirst())
        .isEqualTo(
            "GET /find?limit=1000&glob=*.jpg&deletedSince=2026-11-22T01%3A00%3A00Z&nearest=true&strict=true");
    assertThat(out())
        .startsWith("{\"at\":\"2026-11-22T01:00:00Z\",\"basis\":\"versions\"")
        .contains("\"items\":[{\"key\":\"a\"")
        .contains("\"ambiguous\":[{\"key\":\"a\"")
        .endsWith("}\n");
    assertThat(err()).isEmpty();
  }

  @Test
  void momentBetweenTwoScansOffersBothInThisVeryCommand() {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("status", 409);
    problem.put("code", "time-between-scans");
    problem.put("detail", "it lies between two scans");
    problem.put("hint", "name a scan");
    problem.put("try", List.of());
    problem.put("asked", "2026-11-22T01:00:00Z");
    problem.put("scanBefore", "2026-11-22T00:45:00Z");
    problem.put("scanAfter", "2026-11-22T01:15:00Z");
    daemon.on("GET /objects", 409, problem);
    assertThat(run("ls", "p q/", "--at", "2h ago")).isEqualTo(6);
    assertThat(err())
        .contains("error: it lies between two scans")
        .contains(
            "try:   vistadr ls 'p q/' --at 2026-11-22T00:45:00Z    # the scan before, 2026-11-22 00:45:00 UTC")
        .contains("       vistadr ls 'p q/' --at 2026-11-22T01:15:00Z    # the scan after, ")
        .contains("       vistadr ls 'p q/' --at '2h ago' --nearest    # what the scan before saw");
  }

  @Test
  void unknownPrefixNamesTheNearest() {
    daemon.on(
        "GET /objects",
        new ObjectListing(
            ONE,
            "versions",
            Optional.empty(),
            true,
            VERSIONED,
            List.of(),
            List.of(),
            List.of(),
            List.of("projects/abc/"),
            Optional.empty()));
    assertThat(run("ls", "projects/abd/", "--at", "2026-11-22T01:00Z")).isEqualTo(4);
    assertThat(err())
        .contains("error: nothing is under 'projects/abd/' at that time")
        .contains("hint:  there was: projects/abc/")
        .contains("try:   vistadr ls projects/abc/ --at 2026-11-22T01:00Z");
  }

  @Test
  void diffStreamsLinesAndSumsUp() {
    DiffPage.Content small = new DiffPage.Content("v1", ONE, 10, "e", Optional.empty());
    DiffPage.Content large = new DiffPage.Content("v2", ONE, 2048, "f", Optional.empty());
    daemon
        .on(
            "GET /diff",
            diff(
                List.of(
                    change("a", "added", Optional.empty(), Optional.of(large)),
                    change("b", "removed", Optional.of(small), Optional.empty())),
                Optional.of("next")))
        .on(
            "GET /diff",
            diff(
                List.of(change("c", "changed", Optional.of(small), Optional.of(small))),
                Optional.empty()));
    assertThat(run("diff", "p/", "--at", "2026-11-22T01:00Z", "--to", "now")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            CHANGE   WHEN (UTC)           BEFORE    AFTER  KEY
            added    2026-11-22 01:00:00       -  2.0 KiB  a
            removed  2026-11-22 01:00:00    10 B        -  b
            changed  2026-11-22 01:00:00    10 B   10 B  c
            """);
    assertThat(err()).contains("1 added, 1 removed, 1 changed, 2.0 KiB more.");
    assertThat(daemon.asked.getFirst()).doesNotContain("to=");
    assertThat(daemon.asked.getLast()).endsWith("&cursor=next");
  }

  @Test
  void linkIsPrintedAloneAndItsEndTold() {
    daemon
        .on("GET /objects/versions", versions("3sL4kq0123456789", "nYbE0q0123456789"))
        .on(
            "POST /objects/links",
            new LinkView(
                "https://s3.example/link",
                "b2",
                NOW.plusSeconds(3600),
                "k",
                "3sL4kq0123456789",
                ONE,
                10,
                Optional.empty(),
                Optional.empty()));
    assertThat(run("get", "k", "--version", "3sL4…", "--presign", "1h")).isZero();
    assertThat(out()).isEqualTo("https://s3.example/link\n");
    assertThat(err()).contains("at b2").contains("until 2026-11-22 04:00:00 UTC");
    assertThat(daemon.asked.getLast())
        .contains("\"version\":\"3sL4kq0123456789\"")
        .contains("\"validSeconds\":3600");
    assertThat(run("get", "k", "--presign", "1h", "--range", "0-1")).isEqualTo(2);
    assertThat(run("get", "k", "--presign", "an hour")).isEqualTo(2);
  }

  @Test
  void abbreviatedVersionThatFitsTwoIsRefusedAndRangesAreChecked() {
    daemon.on("GET /objects/versions", versions("aa1", "aa2"));
    assertThat(run("get", "k", "--version", "aa", "-o", "-")).isEqualTo(2);
    assertThat(err()).contains("2 versions of 'k' begin with 'aa'");
    assertThat(run("get", "k", "--range", "5", "-o", "-")).isEqualTo(2);
    assertThat(err()).contains("write it like 0-99, 100- or -100");
  }

  @Test
  void unversionedPrimariesSayWhichScanIsShownAndHowWideTheGapIs() {
    MomentView scan = moment("unversioned", Optional.of(ONE.minusSeconds(900)));
    daemon.on(
        "GET /objects",
        new ObjectListing(
            ONE,
            "scan",
            scan.basisAt(),
            true,
            scan,
            List.of(),
            List.of(item("a")),
            List.of(),
            List.of(),
            Optional.empty()));
    assertThat(run("ls", "--at", "2026-11-22T01:00Z", "--nearest")).isZero();
    assertThat(err())
        .contains(
            "The primary kept no versions then: shown as the scan of 2026-11-22 00:45:00 UTC saw it;"
                + " the next one began 15m later");
  }

  private static KeyVersions versions(String... ids) {
    return new KeyVersions(
        "k",
        java.util.Arrays.stream(ids)
            .map(id ->
                new KeyVersions.Item(
                    "content",
                    "listed",
                    ONE,
                    false,
                    id,
                    Optional.of(1L),
                    Optional.of("e"),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Map.of(),
                    Map.of(),
                    Map.of()))
            .toList());
  }

  private static DiffPage diff(List<DiffPage.Item> items, Optional<String> next) {
    return new DiffPage(VERSIONED, VERSIONED, items, List.of(), next);
  }

  private static DiffPage.Item change(
      String key,
      String change,
      Optional<DiffPage.Content> before,
      Optional<DiffPage.Content> after) {
    return new DiffPage.Item(
        key, change, before, after, Optional.of(ONE), Optional.empty(), Optional.empty());
  }

  private static ObjectListing listing(
      List<ObjectListing.Item> items, List<AmbiguousKey> ambiguous, Optional<String> next) {
    return new ObjectListing(
        ONE,
        "versions",
        Optional.empty(),
        true,
        VERSIONED,
        List.of(),
        items,
        ambiguous,
        List.of(),
        next);
  }

  private static ObjectListing.Item item(String key) {
    return new ObjectListing.Item(
        key, "v", ONE, 10, "e", "STANDARD", Optional.empty(), Optional.empty(), List.of());
  }

  private static AmbiguousKey.Outcome content(long size) {
    return new AmbiguousKey.Outcome(
        "content", Optional.of("v"), Optional.of(ONE), Optional.of(size), Optional.of("e"));
  }

  private static AmbiguousKey.Outcome nothing() {
    return new AmbiguousKey.Outcome(
        "nothing", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static MomentView moment(String regime, Optional<Instant> basisAt) {
    return new MomentView(
        ONE,
        basisAt.isPresent() ? "scan" : "versions",
        basisAt,
        true,
        Optional.of(regime),
        Optional.empty(),
        basisAt,
        Optional.of(ONE));
  }
}
