/// What a restore or an undo will do, decided before anything is written.
@NullMarked
package org.vistadr.restore.plan;

import org.jspecify.annotations.NullMarked;
