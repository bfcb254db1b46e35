/// Commands without a daemon: `--direct`.
@NullMarked
package org.vistadr.cli.direct;

import org.jspecify.annotations.NullMarked;
