package org.vistadr.storage.transfer;

/// From which size on an object is moved in which way.
///
/// @param bufferLimit objects up to this size pass through memory; bytes
/// @param multipartAbove objects above this size are moved in parts; bytes
public record TransferLimits(int bufferLimit, long multipartAbove) {

  /// 1 MiB and 64 MiB.
  public static final TransferLimits DEFAULT = new TransferLimits(1 << 20, 64L << 20);
}
