package org.vistadr.restore.plan;

import java.util.random.RandomGenerator;

/// Short names of plans and restores that people read aloud and type.
public final class Ids {

  /// Base 32 without letters that look like others.
  private static final String LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

  private Ids() {}

  public static String next(String prefix, int letters, RandomGenerator random) {
    var id = new StringBuilder(prefix);
    for (int i = 0; i < letters; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }
}
