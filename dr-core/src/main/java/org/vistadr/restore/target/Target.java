package org.vistadr.restore.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Source;
import org.vistadr.storage.StorageException;

/// Where a restore writes, seen by the keys that the objects have at the primary: what is there
/// now, and whether it is what is wanted. Never writes. Safe for use by many threads.
public sealed interface Target permits BucketTarget, DirectoryTarget {

  /// What a person types to confirm: the bucket's name, or the directory.
  String name();

  /// Whether it keeps what a write replaces.
  Regime regime();

  /// Whether it keeps what a write to this key replaces: some providers make exceptions.
  default Regime regimeOf(ObjectKey key) {
    return regime();
  }

  /// Where a key is written when that is not the key itself.
  ///
  /// @throws StorageException.Rejected when the target cannot hold the key
  Optional<String> place(ObjectKey key) throws StorageException.Rejected;

  /// Whether bytes from a source are copied by the provider, so that none passes the daemon.
  boolean copiesOnServer(Source source);

  /// Whether what is written keeps its storage class.
  ///
  /// @param storageClass as it was listed
  boolean keepsClass(String storageClass);

  /// What it has of one key now.
  Looked look(ObjectKey key) throws StorageException;

  /// What it has now where an item is to be written.
  Looked look(RestoreItem item) throws StorageException;

  /// What it has where some things are to be written, in their order. Looks at several at once.
  static <T> List<Looked> lookAll(List<T> things, Looking<T> looking, int atOnce)
      throws StorageException {
    var all = new ArrayList<Looked>(things.size());
    try (var executor = Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
      var looks = things.stream().map(thing -> executor.submit(() -> looking.at(thing))).toList();
      for (var look : looks) {
        all.add(look.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at keys", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StorageException failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case null, default -> throw new IllegalStateException("a look failed", e);
      }
    }
    return all;
  }

  /// A look at one thing.
  @FunctionalInterface
  interface Looking<T> {
    /// What is there.
    Looked at(T thing) throws StorageException;
  }

  /// What it has below a prefix now.
  TargetKeys below(String prefix);

  /// Whether content is that of a version without doubt, as far as a plan can tell without reading
  /// large objects. What is not, [#holds] decides when it comes to writing.
  boolean shows(CurrentState current, RecordedVersion version) throws StorageException;

  /// Whether what an item found is proved to be a version's content, by its hash where nothing
  /// cheaper proves it.
  boolean holds(RestoreItem item, CurrentState current, RecordedVersion version)
      throws StorageException;

  /// Refuses what certainly does not fit; buckets do not tell.
  void requireRoom(RestorePlan.Amount work) throws RestoreRefusedException;
}
