@NullMarked
package dev.chaperone.app.config;

import org.jspecify.annotations.NullMarked;
