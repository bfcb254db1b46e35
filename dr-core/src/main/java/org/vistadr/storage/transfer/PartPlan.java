package org.vistadr.storage.transfer;

import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ProviderProfile;

/// How a large object is cut into parts. Pure.
///
/// @param size bytes of the object
/// @param partSize bytes of each part but the last
/// @param parts how many
public record PartPlan(long size, long partSize, int parts) {

  private static final long MIB = 1 << 20;

  /// Parts are 16 MiB, and larger only where the provider's limit on their number asks for it.
  private static final long PREFERRED_PART = 16 * MIB;

  /// Cuts an object for a provider.
  ///
  /// @throws IllegalArgumentException when the provider cannot hold an object of this size
  public static PartPlan of(long size, ProviderProfile target) {
    if (size > target.maxObjectSize()) {
      throw new IllegalArgumentException(
          "an object of %d bytes is larger than the %d that %s can hold"
              .formatted(size, target.maxObjectSize(), target.name()));
    }
    long fewestBytes = Math.ceilDiv(size, (long) target.maxParts());
    long wanted = Math.max(PREFERRED_PART, Math.max(target.minPartSize(), fewestBytes));
    long partSize = Math.min(Math.ceilDiv(wanted, MIB) * MIB, target.maxPartSize());
    long parts = Math.max(1, Math.ceilDiv(size, partSize));
    if (parts > target.maxParts()) {
      throw new IllegalArgumentException(
          "an object of %d bytes does not fit into %d parts of %d bytes at %s"
              .formatted(size, target.maxParts(), target.maxPartSize(), target.name()));
    }
    return new PartPlan(size, partSize, (int) parts);
  }

  /// The bytes of a part.
  ///
  /// @param number from 1
  public ByteRange.Slice slice(int number) {
    long offset = (number - 1) * partSize;
    return new ByteRange.Slice(offset, Math.min(partSize, size - offset));
  }
}
