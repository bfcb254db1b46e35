package org.vistadr.sync;

/// The same work is under way already.
public final class AlreadyRunningException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /// @param work what is running
  public AlreadyRunningException(String work) {
    super(work + " is already running");
  }
}
