/// The walk that shows a bucket being protected and a lost object being brought back, on embedded
/// S3 servers.
@NullMarked
package org.vistadr.cli.demo;

import org.jspecify.annotations.NullMarked;
