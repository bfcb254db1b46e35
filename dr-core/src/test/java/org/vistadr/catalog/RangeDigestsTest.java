package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vistadr.catalog.CatalogFixture.B2;
import static org.vistadr.catalog.CatalogFixture.START;
import static org.vistadr.catalog.CatalogFixture.append;
import static org.vistadr.catalog.CatalogFixture.content;
import static org.vistadr.catalog.CatalogFixture.key;
import static org.vistadr.catalog.CatalogFixture.marker;
import static org.vistadr.catalog.CatalogFixture.purge;
import static org.vistadr.catalog.CatalogFixture.record;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;

/// What is remembered of ranges that listed as the catalog has them, and what makes it forgotten.
class RangeDigestsTest {

  private static final RangeDigest TO_D = range("", "d", 1);
  private static final RangeDigest TO_H = range("d", "h", 2);
  private static final RangeDigest TO_M = range("h", "m", 3);

  @TempDir Path directory;
  private Catalog catalog;
  private RangeDigests digests;

  @BeforeEach
  void openAndKeepThree() {
    catalog = CatalogFixture.open(directory, B2);
    digests = catalog.rangeDigests();
    catalog.scans().begin(START, Regime.VERSIONED);
    record(catalog, 1, append("f", content(0, 7)));
    digests.begin("rules");
    digests.keep(List.of(TO_D, TO_H, TO_M));
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private static RangeDigest range(String after, String upTo, int listed) {
    return new RangeDigest(
        after.isEmpty() ? Optional.empty() : Optional.of(key(after)),
        key(upTo),
        KeyHashes.of(new long[] {listed}, 1));
  }

  private List<RangeDigest> kept(RangeDigest... asked) {
    RangeDigests.Cursor cursor = digests.in(KeyRange.ALL);
    List<RangeDigest> kept = new ArrayList<>();
    for (RangeDigest range : asked) {
      if (cursor.sameBounds(range).filter(range::equals).isPresent()) {
        kept.add(range);
      }
    }
    return kept;
  }

  @Test
  void whatIsKeptIsThereAfterARestart() {
    catalog.close();
    catalog = CatalogFixture.open(directory, B2);
    digests = catalog.rangeDigests();
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_D, TO_H, TO_M);
  }

  @Test
  void anotherListingOrAnotherBeginningIsNotTheSame() {
    assertThat(kept(range("", "d", 9), range("e", "h", 2), TO_M)).containsExactly(TO_M);
  }

  @Test
  void aPartOfTheBucketHasItsRangesOnly() {
    RangeDigests.Cursor cursor =
        digests.in(new KeyRange(Optional.of(key("d")), Optional.of(key("h"))));
    assertThat(cursor.sameBounds(TO_H)).contains(TO_H);
  }

  @Test
  void aNewVersionForgetsTheRangeOfItsKey() {
    record(catalog, 1, append("e", content(0, 7)));
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_D, TO_M);
  }

  @Test
  void aKeyThatEndsARangeBelongsToIt() {
    record(catalog, 1, append("d", content(0, 7)));
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_H, TO_M);
  }

  @Test
  void aDeletionAndAPurgeForgetToo() {
    record(catalog, 1, append("a", marker(0)), purge("f", 1L));
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_M);
  }

  @Test
  void aKeyBehindAllRangesForgetsNothing() {
    record(catalog, 1, append("z", content(0, 7)));
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_D, TO_H, TO_M);
  }

  @Test
  void aRangeThatChangedSinceTheScanBeganIsNotKept() {
    digests.begin("rules");
    record(catalog, 1, append("e", content(0, 7)));
    digests.keep(List.of(TO_D, TO_H, TO_M));
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_D, TO_M);
    digests.begin("rules");
    digests.keep(List.of(TO_H));
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_D, TO_H, TO_M);
  }

  @Test
  void rangesWithWhatAScanFoundInThemAreKeptWithIt() {
    digests.begin("rules");
    RangeDigest now = range("d", "h", 7);
    catalog
        .versions()
        .recordListed(
            1,
            Optional.empty(),
            List.of(append("e", content(0, 7)), append("k", content(0, 7))),
            Long.MAX_VALUE,
            List.of(now));
    assertThat(kept(TO_D, TO_H)).containsExactly(TO_D);
    assertThat(kept(now, TO_M)).containsExactly(now);
    record(catalog, 1, append("g", content(0, 7)));
    assertThat(kept(now)).isEmpty();
  }

  @Test
  void aRangeInWhichSomethingElseChangedIsNotKeptWithWhatAScanFoundInIt() {
    digests.begin("rules");
    record(catalog, 1, append("g", content(0, 7)));
    RangeDigest now = range("d", "h", 7);
    catalog
        .versions()
        .recordListed(
            1, Optional.empty(), List.of(append("e", content(0, 7))), Long.MAX_VALUE, List.of(now));
    assertThat(kept(now)).isEmpty();
  }

  @Test
  void manyKeysOfATransactionForgetTheirRangesInWhateverOrder() {
    record(
        catalog,
        1,
        append("g", content(0, 7)),
        append("e", content(0, 7)),
        append("n", content(0, 7)),
        append("z", content(0, 7)),
        append("a", content(0, 7)),
        append("b", content(0, 7)));
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_M);
  }

  @Test
  void keysBetweenRangesForgetNothingAndHideNoneBehind() {
    digests.keep(List.of(range("p", "t", 4), range("v", "x", 5)));
    record(
        catalog,
        1,
        append("n", content(0, 7)),
        append("o", content(0, 7)),
        append("u", content(0, 7)),
        append("w", content(0, 7)));
    assertThat(kept(TO_M, range("p", "t", 4), range("v", "x", 5)))
        .containsExactly(TO_M, range("p", "t", 4));
  }

  @Test
  void otherRulesForgetAll() {
    digests.begin("rules");
    assertThat(kept(TO_D, TO_H, TO_M)).hasSize(3);
    digests.begin("other rules");
    assertThat(kept(TO_D, TO_H, TO_M)).isEmpty();
  }

  @Test
  void withTooManyChangesNothingIsKept() {
    List<KeyChange> changes = new ArrayList<>();
    for (int i = 0; i <= 20_000; i++) {
      changes.add(append("n%06d".formatted(i), content(0, 7)));
    }
    catalog.versions().record(1, Optional.empty(), changes, Long.MAX_VALUE);
    digests.keep(List.of(range("", "d", 5)));
    assertThat(kept(range("", "d", 5))).isEmpty();
    assertThat(kept(TO_D, TO_H, TO_M)).containsExactly(TO_D, TO_H, TO_M);
  }

  @Test
  void moreThanAPageIsReadInOrder() {
    List<RangeDigest> many = new ArrayList<>();
    ObjectKey after = key("m");
    for (int i = 0; i < 2500; i++) {
      ObjectKey upTo = key("n%06d".formatted(i));
      many.add(new RangeDigest(Optional.of(after), upTo, TO_D.listed()));
      after = upTo;
    }
    digests.keep(many);
    assertThat(kept(many.toArray(RangeDigest[]::new))).isEqualTo(many);
  }
}
