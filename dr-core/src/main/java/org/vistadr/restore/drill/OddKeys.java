package org.vistadr.restore.drill;

import org.vistadr.model.ObjectKey;

/// Keys that software is apt to get wrong: on the way through URLs, signatures and file systems.
/// Pure.
final class OddKeys {

  private static final int LONG = 255;
  private static final String HARD = " %+&?#*:;=\\\"'<>|~^`[]{},$@!";

  private OddKeys() {}

  static boolean isOdd(ObjectKey key) {
    String text = key.value();
    return text.length() > LONG
        || text.startsWith("/")
        || text.endsWith("/")
        || text.contains("//")
        || ("/" + text + "/").contains("/../")
        || ("/" + text + "/").contains("/./")
        || text.chars().anyMatch(c -> c < ' ' || c > '~' || HARD.indexOf(c) >= 0);
  }
}
