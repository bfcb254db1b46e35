package org.vistadr.model;

import java.util.Optional;

/// Tells whether content came to be encrypted by its store with another key than the content that
/// it replaced. Pure.
public final class KeyShift {

  private static final String KMS = "aws:kms";
  private static final String CUSTOMER = "SSE-C";

  private KeyShift() {}

  /// Names an object's server-side encryption from what an answer says of it.
  ///
  /// @param algorithm `x-amz-server-side-encryption`
  /// @param kmsKey `x-amz-server-side-encryption-aws-kms-key-id`
  /// @param customer `x-amz-server-side-encryption-customer-algorithm`
  public static Optional<String> named(
      Optional<String> algorithm, Optional<String> kmsKey, Optional<String> customer) {
    return customer
        .map(name -> CUSTOMER + " " + name)
        .or(() -> algorithm.map(name -> kmsKey.map(key -> name + " " + key).orElse(name)));
  }

  /// Whether the key is another one, and one that somebody can take away: of a key service or a
  /// customer's own. A store's own keys (`AES256`) are with the store, whatever it changes there.
  ///
  /// @param before empty where there was none
  public static boolean shifted(Optional<String> before, Optional<String> after) {
    return after
        .filter(name -> name.startsWith(KMS) || name.startsWith(CUSTOMER))
        .filter(_ -> !after.equals(before))
        .isPresent();
  }
}
