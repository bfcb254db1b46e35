package org.vistadr.restore.drill;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.vistadr.model.Drill.Stratum;
import org.vistadr.model.RecordedVersion;

/// Chooses what a drill restores from a view that streams by. Pure but for the random source that
/// it is given: the same seed over the same view chooses the same objects. Its memory is that of
/// the sample.
///
/// An eighth of the sample, at least one, goes to each of: odd keys, the largest, the oldest, the
/// newest, those written while the primary kept no versions and those while it did. The rest, at
/// least a quarter, is chosen by chance from all. An object that was chosen for one thing is not
/// chosen for another.
///
/// The bytes of all that is chosen stay within a limit: the largest take half of it at most, all
/// but the random ones three quarters. So random ones that are too large for what is left are left
/// out, and said to be.
public final class SampleChoice {

  private static final Comparator<RecordedVersion> BY_SIZE =
      Comparator.<RecordedVersion>comparingLong(version -> version.entry().bytes())
          .thenComparingLong(RecordedVersion::id);
  private static final Comparator<RecordedVersion> BY_AGE =
      Comparator.comparing(RecordedVersion::lastModified)
          .reversed()
          .thenComparingLong(RecordedVersion::id);

  private final int size;
  private final long bytes;
  private final Top oldest;
  private final Top newest;
  private final Top largest;
  private final Map<Stratum, Reservoir<RecordedVersion>> reservoirs = new EnumMap<>(Stratum.class);

  /// @param size objects at most, at least 1
  /// @param bytes their bytes at most
  public SampleChoice(int size, long bytes, RandomGenerator random) {
    if (size < 1) {
      throw new IllegalArgumentException("a sample has at least one object, not " + size);
    }
    this.size = size;
    this.bytes = bytes;
    int share = Math.max(1, size / 8);
    oldest = new Top(share, BY_AGE);
    newest = new Top(share, BY_AGE.reversed());
    largest = new Top(share, BY_SIZE);
    for (Stratum stratum : List.of(Stratum.ODD_KEY, Stratum.UNVERSIONED, Stratum.VERSIONED)) {
      reservoirs.put(stratum, new Reservoir<>(share, random));
    }
    reservoirs.put(Stratum.RANDOM, new Reservoir<>(size, random));
  }

  /// The next object of the view.
  public void offer(RecordedVersion version) {
    oldest.offer(version);
    newest.offer(version);
    if (version.entry().bytes() <= bytes / 2) {
      largest.offer(version);
    }
    if (OddKeys.isOdd(version.key())) {
      offer(Stratum.ODD_KEY, version);
    }
    offer(version.versionId().isNull() ? Stratum.UNVERSIONED : Stratum.VERSIONED, version);
    offer(Stratum.RANDOM, version);
  }

  private void offer(Stratum stratum, RecordedVersion version) {
    requireNonNull(reservoirs.get(stratum)).offer(version);
  }

  /// What is chosen of all that was offered.
  public Chosen chosen() {
    Taking taking = new Taking();
    int special = size - Math.max(1, size / 4);
    taking.take(Stratum.ODD_KEY, kept(Stratum.ODD_KEY), special, bytes / 4);
    taking.take(Stratum.LARGEST, largest.best(), special, bytes / 2);
    taking.take(Stratum.OLDEST, oldest.best(), special, bytes / 4);
    taking.take(Stratum.NEWEST, newest.best(), special, bytes / 4);
    taking.take(Stratum.UNVERSIONED, kept(Stratum.UNVERSIONED), special, bytes / 4);
    taking.take(Stratum.VERSIONED, kept(Stratum.VERSIONED), special, bytes / 4);
    List<Pick> leftOut = taking.take(Stratum.RANDOM, kept(Stratum.RANDOM), size, bytes);
    return new Chosen(taking.picks, leftOut);
  }

  private List<RecordedVersion> kept(Stratum stratum) {
    return requireNonNull(reservoirs.get(stratum)).kept();
  }

  /// @param version what is restored
  /// @param stratum what it was chosen for
  public record Pick(RecordedVersion version, Stratum stratum) {}

  /// @param picks what is restored; their bytes are within the limit
  /// @param leftOut chosen by chance, but too large for what was left of the limit
  public record Chosen(List<Pick> picks, List<Pick> leftOut) {
    public Chosen {
      picks = List.copyOf(picks);
      leftOut = List.copyOf(leftOut);
    }
  }

  private final class Taking {
    private final List<Pick> picks = new ArrayList<>();
    private final Set<Long> taken = new HashSet<>();
    private long spent;

    /// @param upTo so many picks in all
    /// @param most bytes for this stratum
    /// @return those for which the bytes did not do
    List<Pick> take(Stratum stratum, List<RecordedVersion> from, int upTo, long most) {
      long limit = stratum == Stratum.RANDOM ? bytes : bytes - bytes / 4;
      long before = spent;
      List<Pick> tooLarge = new ArrayList<>();
      for (RecordedVersion version : from) {
        if (picks.size() >= upTo) {
          break;
        }
        long more = version.entry().bytes();
        if (taken.contains(version.id())) {
          continue;
        }
        if (more > limit - spent || more > most - (spent - before)) {
          tooLarge.add(new Pick(version, stratum));
          continue;
        }
        spent += more;
        taken.add(version.id());
        picks.add(new Pick(version, stratum));
      }
      return tooLarge;
    }
  }

  /// The highest few of a stream.
  private static final class Top {
    private final int capacity;
    private final Comparator<RecordedVersion> order;
    private final PriorityQueue<RecordedVersion> lowestFirst;

    Top(int capacity, Comparator<RecordedVersion> order) {
      this.capacity = capacity;
      this.order = order;
      this.lowestFirst = new PriorityQueue<>(order);
    }

    void offer(RecordedVersion version) {
      lowestFirst.add(version);
      if (lowestFirst.size() > capacity) {
        lowestFirst.remove();
      }
    }

    List<RecordedVersion> best() {
      return lowestFirst.stream().sorted(order.reversed()).toList();
    }
  }
}
