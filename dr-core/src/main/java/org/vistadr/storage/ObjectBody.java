package org.vistadr.storage;

import java.io.InputStream;

/// An object opened for reading. Used by one thread at a time.
public interface ObjectBody extends AutoCloseable {

  /// What the answer said of the object.
  ObjectHead head();

  /// Number of bytes that the stream gives: the size of the object or of the range.
  long length();

  /// The bytes. Throws a [java.io.IOException] when the connection ends early.
  InputStream stream();

  /// Ends the read. Drops the connection when bytes are left.
  @Override
  void close();
}
