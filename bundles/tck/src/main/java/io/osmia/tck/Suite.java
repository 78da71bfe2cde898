package io.osmia.tck;

/** A part of {@link ExecutorTck}; its tests are default methods, so that one class has them all. */
interface Suite {

    /** What the test at hand works with. */
    Bench bench();

    /** What the vendor supplied. */
    ExecutorTck tck();
}
