package contracts

// isDateTime is whether a text is a time as RFC 3339 writes it, with an offset. A second may be 60, since some were.
func isDateTime[Text ~string | ~[]byte](text Text) bool {
	if len(text) < len("2026-01-31T13:30:00Z") || text[4] != '-' || text[7] != '-' || text[10]|0x20 != 't' ||
		text[13] != ':' || text[16] != ':' {
		return false
	}
	century, year := twoDigits(text, 0), twoDigits(text, 2)
	month, day := twoDigits(text, 5), twoDigits(text, 8)
	hour, minute, second := twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)
	if century > 99 || year > 99 || month < 1 || month > 12 || day < 1 || day > daysOf(100*century+year, month) ||
		hour > 23 || minute > 59 || second > 60 {
		return false
	}
	at := 19
	if text[at] == '.' {
		for at++; at < len(text) && isDigit(text[at]); at++ {
		}
		if at == 20 {
			return false
		}
	}
	switch len(text) - at {
	case len("Z"):
		return text[at]|0x20 == 'z'
	case len("+01:00"):
		return (text[at] == '+' || text[at] == '-') && text[at+3] == ':' &&
			twoDigits(text, at+1) <= 23 && twoDigits(text, at+4) <= 59
	default:
		return false
	}
}

// twoDigits returns a number above 99 for what is none.
func twoDigits[Text ~string | ~[]byte](text Text, at int) int {
	if !isDigit(text[at]) || !isDigit(text[at+1]) {
		return 100
	}
	return 10*int(text[at]-'0') + int(text[at+1]-'0')
}

func isDigit(one byte) bool { return one >= '0' && one <= '9' }

func daysOf(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// isUUID is whether a text is a UUID as RFC 9562 writes it.
func isUUID[Text ~string | ~[]byte](text Text) bool {
	if len(text) != len("550e8400-e29b-41d4-a716-446655440000") {
		return false
	}
	for at := range len(text) {
		one := text[at]
		if at == 8 || at == 13 || at == 18 || at == 23 {
			if one != '-' {
				return false
			}
		} else if !isDigit(one) && (one|0x20 < 'a' || one|0x20 > 'f') {
			return false
		}
	}
	return true
}

// IsDateTime is whether a text has the format date-time.
func IsDateTime(text string) bool { return isDateTime(text) }

// IsUUID is whether a text has the format uuid.
func IsUUID(text string) bool { return isUUID(text) }
