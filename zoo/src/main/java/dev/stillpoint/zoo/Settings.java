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

    /**
     * Refuses settings that have no effect beside the others.
     *
     * @param unused which must have their defaults
     * @param where they would have an effect: "paths without --edges"
     * @throws IllegalArgumentException that names the first that has another value
     */
    public void requireDefaults(List<Setting<?>> unused, String where) {
        for (Setting<?> setting : unused) {
            if (!setting.defaultText().equals(texts.get(setting.name()))) {
                throw new IllegalArgumentException("--" + setting.name() + ": need it for " + where + " alone, got it here");
            }
        }
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
