package dev.stillpoint.zoo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of one run, all of them: those that were given, and defaults for the rest. */
public final class Settings {
    private final Map<String, String> texts;

    private Settings(Map<String, String> texts) {
        this.texts = texts;
    }

    /**
     * Checks every given text, and fills in the defaults.
     *
     * @param known an application's settings
     * @param given texts by name
     * @throws IllegalArgumentException if a name is unknown or a text does not parse
     */
    public static Settings of(List<Setting<?>> known, Map<String, String> given) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Setting<?> setting : known) {
            texts.put(setting.name(), setting.defaultText());
        }
        given.forEach((name, text) -> {
            if (texts.replace(name, text) == null) {
                throw new IllegalArgumentException("--" + name + ": need one of " + texts.keySet());
            }
        });
        for (Setting<?> setting : known) {
            setting.parse(texts.getOrDefault(setting.name(), ""));
        }
        return new Settings(texts);
    }

    /** Whether a setting has its default. */
    public boolean isDefault(Setting<?> setting) {
        return setting.defaultText().equals(texts.get(setting.name()));
    }

    /** The values as text, by name, without some and without those that were not given and have no default. */
    Map<String, String> without(List<Setting<?>> unused) {
        Map<String, String> left = new LinkedHashMap<>(texts);
        unused.forEach(setting -> left.remove(setting.name()));
        left.values().removeIf(String::isEmpty);
        return left;
    }

    /** The value of a setting. */
    public <T> T get(Setting<T> setting) {
        String text = texts.get(setting.name());
        if (text == null) {
            throw new IllegalArgumentException("Settings: need one of " + texts.keySet() + ", got " + setting.name());
        }
        return setting.parse(text);
    }

    /** All values as text, by name, for provenance. */
    public Map<String, String> texts() {
        return Collections.unmodifiableMap(texts);
    }
}
