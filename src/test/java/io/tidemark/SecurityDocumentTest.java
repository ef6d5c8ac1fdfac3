package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.TopicNames;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SECURITY.md says of each of Tidemark's topics what its writer can do. */
class SecurityDocumentTest {
    @Test
    void everyTopicHasItsLine() throws Exception {
        TopicNames names = new TopicNames("p.");
        List<String> topics = new ArrayList<>();
        for (Method method : TopicNames.class.getMethods()) {
            boolean isName = method.getReturnType() == String.class
                    && method.getParameterCount() == 0
                    && method.getDeclaringClass() == TopicNames.class;
            if (!isName) continue;
            String name = (String) method.invoke(names);
            if (name.startsWith("p.") && name.length() > 2) topics.add(name.substring(2));
        }
        assertThat(topics).contains("samples", "incidents").hasSizeGreaterThan(15);
        List<String> table = Files.readAllLines(Path.of("SECURITY.md")).stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1])
                .toList();
        assertThat(topics)
                .allSatisfy(topic -> assertThat(table).as(topic).anyMatch(cell -> cell.contains("`" + topic + "`")));
    }
}
