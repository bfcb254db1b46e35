package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.OutputStream;

/// The bytes of a request.
interface Payload {

  /// How many there are.
  long length();

  /// Writes exactly that many, once.
  void writeTo(OutputStream out) throws IOException;

  /// Bytes in memory, not changed while the request runs.
  ///
  /// @param offset first byte
  record Bytes(byte[] data, int offset, int size) implements Payload {

    static final Bytes NONE = new Bytes(new byte[0], 0, 0);

    @Override
    public long length() {
      return size;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(data, offset, size);
    }
  }
}
