package org.vistadr.restore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// A store whose disk went bad: of every body that it sends, the first byte has a flipped bit.
final class FlippingStore extends ForwardingObjectStore {

  FlippingStore(ObjectStore delegate) {
    super(delegate);
  }

  @Override
  public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
      throws StorageException {
    var body = super.open(key, revision, range);
    return new ObjectBody() {
      private final InputStream flipped =
          new FilterInputStream(body.stream()) {
            private boolean first = true;

            @Override
            public int read() throws IOException {
              var one = new byte[1];
              return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
              int count = super.read(buffer, offset, length);
              if (count > 0 && first) {
                first = false;
                buffer[offset] ^= 1;
              }
              return count;
            }
          };

      @Override
      public ObjectHead head() {
        return body.head();
      }

      @Override
      public long length() {
        return body.length();
      }

      @Override
      public InputStream stream() {
        return flipped;
      }

      @Override
      public void close() {
        body.close();
      }
    };
  }
}
