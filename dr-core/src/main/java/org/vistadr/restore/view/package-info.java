/// What the bucket held at a moment: listings, differences, searches, contents.
@NullMarked
package org.vistadr.restore.view;

import org.jspecify.annotations.NullMarked;
