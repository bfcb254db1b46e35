/// Scan, diff, replicate, recovery point.
@NullMarked
package org.vistadr.sync;

import org.jspecify.annotations.NullMarked;
