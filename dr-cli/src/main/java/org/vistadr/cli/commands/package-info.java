/// One class per command, each of a few lines over [org.vistadr.cli.client.ApiClient].
@NullMarked
package org.vistadr.cli.commands;

import org.jspecify.annotations.NullMarked;
