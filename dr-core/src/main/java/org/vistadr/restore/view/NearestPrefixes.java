package org.vistadr.restore.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.Catalog;

/// Prefixes that existed at a moment, near one that did not. Cheap: looks at a few.
public final class NearestPrefixes {

  private static final int AT_MOST = 3;
  private static final int LOOK_AT = 200;

  private NearestPrefixes() {}

  /// Siblings in the closest folder that had anything, those with the longest common beginning
  /// first.
  public static List<String> of(Catalog catalog, String prefix, KeyStates states) {
    for (var folder = folderOf(prefix); ; folder = folderOf(folder)) {
      var found = below(catalog, folder, states);
      if (!found.isEmpty() || folder.isEmpty()) {
        found.sort((left, right) -> Integer.compare(shared(right, prefix), shared(left, prefix)));
        return List.copyOf(found.subList(0, Math.min(AT_MOST, found.size())));
      }
    }
  }

  private static List<String> below(Catalog catalog, String folder, KeyStates states) {
    var view = new View(catalog, folder, Optional.empty(), states, false);
    var found = new ArrayList<String>();
    for (int i = 0; i < LOOK_AT; i++) {
      var entry = view.step();
      if (entry.isEmpty()) {
        break;
      }
      if (entry.get().entry().flatMap(ViewEntry::version).isEmpty()) {
        continue;
      }
      var key = entry.get().key().value();
      int end = key.indexOf('/', folder.length());
      if (end >= 0) {
        var child = key.substring(0, end + 1);
        found.add(child);
        view.skip(child);
      }
    }
    return found;
  }

  private static String folderOf(String prefix) {
    var trimmed = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return trimmed.substring(0, trimmed.lastIndexOf('/') + 1);
  }

  private static int shared(String left, String right) {
    int limit = Math.min(left.length(), right.length());
    int same = 0;
    while (same < limit && left.charAt(same) == right.charAt(same)) {
      same++;
    }
    return same;
  }
}
