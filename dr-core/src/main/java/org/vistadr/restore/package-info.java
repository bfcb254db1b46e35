/// Plan (pure), apply, verify.
@NullMarked
package org.vistadr.restore;

import org.jspecify.annotations.NullMarked;
