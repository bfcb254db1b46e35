/// Where the bytes of a version can be read, and what of them is the same.
@NullMarked
package org.vistadr.restore.source;

import org.jspecify.annotations.NullMarked;
