package org.vistadr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;

/// The contract against MinIO, however it was started.
abstract class MinioContract extends ObjectStoreContract {

  static Optional<S3Servers.Running> server = Optional.empty();

  @Override
  SiteConfig newSite() {
    return S3Servers.site(server.orElseThrow(), SiteName.PRIMARY, TestS3.freshName(), "minio");
  }

  /// It keeps objects as files and refuses names that are no paths.
  @Override
  List<String> oddKeys() {
    return ALL_ODD_KEYS.stream()
        .filter(key -> !List.of("/leading", "a/./b", "a/../b", "a//b").contains(key))
        .toList();
  }

  /// It lists uploads of an exact key only.
  @Override
  boolean listsUploads() {
    return false;
  }

  @Test
  void changesAreHeardWithinSecondsAndClosingEndsTheListening() throws Exception {
    ChangeFeed feed = ObjectStores.changeFeed(site).orElseThrow();
    List<ObjectKey> heard = new CopyOnWriteArrayList<>();
    List<StorageException> broken = new CopyOnWriteArrayList<>();
    Thread listener =
        Thread.ofVirtual()
            .start(() -> {
              try {
                feed.listen(heard::add);
              } catch (StorageException e) {
                broken.add(e);
              }
            });
    ObjectKey odd = key("dir/a b+c ü.txt");
    await()
        .until(() -> {
          put(odd.value(), "x");
          return heard.contains(odd);
        });
    store.delete(odd, WriteCondition.ALWAYS);
    int before = heard.size();
    await().until(() -> heard.size() >= before || heard.stream().distinct().count() == 1);
    assertThat(heard).containsOnly(odd);
    feed.close();
    listener.join();
    assertThat(broken).isEmpty();
  }
}
