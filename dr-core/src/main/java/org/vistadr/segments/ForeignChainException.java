package org.vistadr.segments;

import org.vistadr.model.SiteName;

/// A secondary holds segments that this catalog did not write and that it does not know to be older
/// than itself: this catalog went back in time, is a new one, or another daemon uses the bucket.
/// Nothing was written.
public final class ForeignChainException extends Exception {

  private static final long serialVersionUID = 1L;

  /// @param what found there
  ForeignChainException(SiteName site, String what) {
    super(
        """
        %s holds catalog segments that this catalog did not write: %s. This catalog is older than they are, is a new \
        one, or another daemon uses the same bucket; it writes no segments there until a person decides
        HINT: to take over what they tell, stop the daemon, move its catalog away and run 'vistadr adopt --from %s'; to \
        go on with this catalog on purpose, create the empty file accept-older beside it and start the daemon again\
        """
            .formatted(site, what, site));
  }
}
