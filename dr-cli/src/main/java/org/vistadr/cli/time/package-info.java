/// Moments as people write them, read without guessing.
@NullMarked
package org.vistadr.cli.time;

import org.jspecify.annotations.NullMarked;
