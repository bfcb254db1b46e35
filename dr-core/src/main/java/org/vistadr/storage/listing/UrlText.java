package org.vistadr.storage.listing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// The URL encoding of S3: RFC 3986 percent encoding of UTF-8 bytes.
public final class UrlText {

  private static final String HEX = "0123456789ABCDEF";

  private UrlText() {}

  /// Encodes all but unreserved characters.
  ///
  /// @param keepSlash whether `/` stays as it is, as in paths
  public static String encode(String text, boolean keepSlash) {
    int plain = 0;
    while (plain < text.length() && isPlain(text.charAt(plain), keepSlash)) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    StringBuilder encoded = new StringBuilder(text.length() + 32);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (isPlain(c, keepSlash)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return encoded.toString();
  }

  /// Decodes a text of a listing: `%XX` are bytes of UTF-8 and `+` is a space.
  static String decode(String text) throws UnprovedAnswer {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int size = 0;
    for (int i = 0; i < in.length; i++) {
      byte b = in[i];
      if (b == '%') {
        int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
        if (low < 0) {
          throw new UnprovedAnswer("'%s' is not URL encoded as announced".formatted(text));
        }
        b = (byte) (high << 4 | low);
        i += 2;
      } else if (b == '+') {
        b = ' ';
      }
      out[size++] = b;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(out, 0, size))
          .toString();
    } catch (CharacterCodingException _) {
      throw new UnprovedAnswer("'%s' is not the URL encoding of UTF-8".formatted(text));
    }
  }

  private static boolean isPlain(char c, boolean keepSlash) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~'
        || (keepSlash && c == '/');
  }
}
