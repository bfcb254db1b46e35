/// The one port to S3, [org.vistadr.storage.ObjectStore], and what stands behind it: the thin
/// client of the hot calls, the SDK adapter of all others, provider profiles, the listing parser.
@NullMarked
package org.vistadr.storage;

import org.jspecify.annotations.NullMarked;
