package org.vistadr.restore;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;

/// The objects that a restore brought back, as one hash that a third party can compute anew from
/// the items or from the bucket. It is the SHA-256 over a line for each of them, in the order of
/// the UTF-8 bytes of the keys:
///
/// `key NUL hash NUL size NUL version LF`
///
/// with the key under which it was written, the SHA-256 of its bytes in hexadecimal (the entity tag
/// of what was written where nobody read the bytes), the size in bytes as a decimal number and the
/// id of the version that was written (nothing where the bucket keeps none), all in UTF-8.
///
/// @param objects how many lines
/// @param sha256 the hash
public record RestoredList(long objects, Sha256 sha256) {

  private static final int PAGE = 1000;

  /// Reads the items of a restore a page at a time.
  static RestoredList of(Catalog catalog, String planId) {
    var digest = Sha256.newDigest();
    long objects = 0;
    long after = 0;
    while (true) {
      var page = catalog.restores().itemsIn(planId, RestoreItem.State.DONE, after, PAGE);
      if (page.isEmpty()) {
        return new RestoredList(objects, Sha256.ofBytes(digest.digest()));
      }
      after = page.getLast().seq();
      for (var item : page) {
        if (item.action() != RestoreAction.DELETE) {
          digest.update(line(item).getBytes(StandardCharsets.UTF_8));
          objects++;
        }
      }
    }
  }

  private static String line(RestoreItem item) {
    var written = item.written().orElseThrow();
    return String.join(
            "\0",
            item.place().orElse(item.key().value()),
            written.sha256().map(Sha256::hex).orElse(written.etag()),
            String.valueOf(item.size()),
            Optional.of(written)
                .flatMap(RestoreItem.Written::version)
                .map(VersionId::value)
                .orElse(""))
        + "\n";
  }
}
