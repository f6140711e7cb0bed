/**
 * The engine in plain Java: clear first, yet written so that the just-in-time compiler makes vector
 * code of its inner loops.
 *
 * <p>Every channel is an array of its own. Loops whose loads and stores all use the same index over
 * different arrays are turned into vector code; loops with offsets into one large array are not,
 * because the compiler cannot rule out that what is written is read again.
 */
package dev.kinglet.engine.java;
