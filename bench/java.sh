# For the scripts beside it: $java, a JDK 25, and $path, the class path.
java=${KINGLET_JAVA_HOME:-${JAVA_HOME:?set JAVA_HOME to a JDK 25}}/bin/java
[ -d bench/target/lib ] || mvn -q -pl bench -am -DskipTests package
path="bench/target/classes:bench/target/lib/*"
