/// Where a restore writes: a bucket or a directory, looked at and written to.
@NullMarked
package org.vistadr.restore.target;

import org.jspecify.annotations.NullMarked;
