package org.vistadr.storage.listing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// The bytes of an XML document and a place in them. Looking beyond their end is the error of a cut
/// document.
abstract sealed class XmlBytes permits XmlReader {

  final byte[] in;
  final int limit;
  int at;

  XmlBytes(byte[] data, int length) {
    this.in = data;
    this.limit = length;
  }

  void skipComment() throws UnprovedAnswer {
    if (!startsWith("<!--")) {
      throw new UnprovedAnswer("a declaration where data was expected at byte " + at);
    }
    at = find("-->", at + 4) + 3;
  }

  void skipInstruction() throws UnprovedAnswer {
    at = find("?>", at + 2) + 2;
  }

  void skipSpace() {
    while (at < limit && isSpace(in[at])) {
      at++;
    }
  }

  boolean startsWith(String ascii) {
    if (limit - at < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (in[at + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  int find(String ascii, int from) throws UnprovedAnswer {
    int last = limit - ascii.length();
    for (int i = from; i <= last; i++) {
      int j = 0;
      while (j < ascii.length() && in[i + j] == ascii.charAt(j)) {
        j++;
      }
      if (j == ascii.length()) {
        return i;
      }
    }
    throw cut();
  }

  byte peek(int ahead) throws UnprovedAnswer {
    return byteAt(at + ahead);
  }

  byte byteAt(int index) throws UnprovedAnswer {
    if (index >= limit) {
      throw cut();
    }
    return in[index];
  }

  UnprovedAnswer cut() {
    return new UnprovedAnswer("the XML is cut after %d bytes".formatted(limit));
  }

  static boolean endsName(byte b) {
    return isSpace(b) || b == '>' || b == '/' || b == '<';
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  static String decode(byte[] bytes, int from, int to) throws UnprovedAnswer {
    boolean ascii = true;
    for (int i = from; i < to; i++) {
      ascii &= bytes[i] >= 0;
    }
    if (ascii) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException _) {
      throw new UnprovedAnswer("the XML holds bytes that are not UTF-8 near byte " + from);
    }
  }
}
