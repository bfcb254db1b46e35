/// Carrying out a restore: items in turn, thawing, pausing, retrying.
@NullMarked
package org.vistadr.restore.run;

import org.jspecify.annotations.NullMarked;
