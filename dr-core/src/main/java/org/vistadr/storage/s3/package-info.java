/// The S3 adapter behind the port: one HTTP transport, our own signer and validation for the hot
/// calls, the SDK over the same transport for all others.
@NullMarked
package org.vistadr.storage.s3;

import org.jspecify.annotations.NullMarked;
