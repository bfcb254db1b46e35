/// Catalog segments on secondaries: their format, how they are written there, and how a catalog is
/// rebuilt from them or, without them, from what else a secondary tells.
@NullMarked
package org.vistadr.segments;

import org.jspecify.annotations.NullMarked;
