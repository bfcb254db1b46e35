/// Tasks and their schedules. Quartz stays in here.
@NullMarked
package org.vistadr.server.jobs;

import org.jspecify.annotations.NullMarked;
