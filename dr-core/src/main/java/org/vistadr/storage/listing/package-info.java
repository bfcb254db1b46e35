/// Reads the raw XML of S3 listings strictly and proves each page before anybody may draw a
/// conclusion from it.
@NullMarked
package org.vistadr.storage.listing;

import org.jspecify.annotations.NullMarked;
