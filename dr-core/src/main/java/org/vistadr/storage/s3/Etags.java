package org.vistadr.storage.s3;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.WriteReceipt.Proof;

/// What an entity tag says of bytes. Pure.
final class Etags {

  private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");

  private Etags() {}

  /// Without quotes and weakness mark.
  static String unquoted(String etag) {
    String text = etag.startsWith("W/") ? etag.substring(2) : etag;
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  /// Whether the tag has the form of an MD5, as that of an object in one part has.
  static boolean isMd5(String etag) {
    return MD5.matcher(etag).matches();
  }

  /// What the tag proves of the bytes sent.
  ///
  /// @param answer to the write
  /// @return empty when the tag is the MD5 of other bytes
  static Optional<Proof> prove(
      ProviderProfile profile, String etag, byte[] md5, HttpAnswer answer) {
    if (!tells(profile, etag, answer)) {
      return Optional.of(Proof.READ_BACK_NEEDED);
    }
    return etag.toLowerCase(Locale.ROOT).equals(HexFormat.of().formatHex(md5))
        ? Optional.of(Proof.CHECKSUM_MATCHED)
        : Optional.empty();
  }

  /// The hex MD5 that the answer to a read tells of the object's bytes.
  ///
  /// @return empty when its tag is none
  static Optional<String> md5(ProviderProfile profile, String etag, HttpAnswer answer) {
    return tells(profile, etag, answer)
        ? Optional.of(etag.toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /// Encryption with keys that the provider does not own makes the tag no MD5.
  private static boolean tells(ProviderProfile profile, String etag, HttpAnswer answer) {
    return profile.etagIsMd5()
        && isMd5(etag)
        && answer.header("x-amz-server-side-encryption-customer-algorithm").isEmpty()
        && answer
            .header("x-amz-server-side-encryption")
            .filter(kind -> kind.startsWith("aws:"))
            .isEmpty();
  }
}
